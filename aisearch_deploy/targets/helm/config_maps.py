"""The chart's config maps. Their names are fixed; pods that use one carry its checksum, and are new when it changes."""

from __future__ import annotations

from aisearch_deploy.formats.helm import Block
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.helm.bindings import with_entry
from aisearch_deploy.targets.helm.chart import NAMESPACE_IN_FILES, Chart
from aisearch_deploy.targets.parts.kubernetes.part import ConfigMap, Part

# Those who read the settings as variables: no volume names the config map.
TOLD = ("app/deployment.yaml", "app/migration.yaml")


def config_maps(part: Part) -> list[ConfigMap]:
    """Those of a part, and that of the Job that restores: kustomize makes it in a folder of its own."""
    jobs = [file for file in part.others if file.path == "restore/job.yaml"]
    scripts = tuple(file.path for file in part.others if file.path.startswith("restore/") and file.format == "shell")
    return [*part.config_maps, *(ConfigMap(job.values["restore"], "backup", scripts) for job in jobs)]


def template(chart: Chart, found: ConfigMap) -> File:
    """The settings from the values, or the files from files/ with the release's namespace."""
    if found.settings:
        each, entry = "$name, $value := .Values.app.env", "{{ $name }}: {{ $value | toString | quote }}"
        about = "what the app is told"
    else:
        each = f'$path, $_ := .Files.Glob "files/{_folder(found)}/*"'
        content = f'$.Files.Get $path | replace "{NAMESPACE_IN_FILES}" $.Release.Namespace | quote'
        entry = f"{{{{ base $path }}}}: {{{{ {content} }}}}"
        about = f"the files of files/{_folder(found)}"
    values = chart.values(
        config_map=found.name,
        own_labels=chart.labels(found.component),
        content=Block(f"{{{{- range {each} }}}}", entry, "{{- end }}"),
        about=about,
    )
    return File(f"templates/{_place(found)}", about, "helm", values, template="helm/templates/config-map.yaml")


def pod_annotations(file: File, known: list[ConfigMap]) -> Block:
    """A pod's: those that are always there, the checksums of what it uses, and those of the values."""
    always = file.values["annotations"]
    mounted = _mounted(file)
    used = [found for found in known if (file.path in TOLD if found.settings else found.name in mounted)]
    yours = with_entry(".Values.podAnnotations", "{{- toYaml . | nindent INDENT+2 }}")
    if not always and not used:
        return with_entry(".Values.podAnnotations", "annotations:", "  {{- toYaml . | nindent INDENT+2 }}")
    begin = [] if always else ["annotations:"]
    return Block(*begin, *(f"  {line}" for line in (*map(_checksum, used), *yours.lines)), first=always)


def _checksum(found: ConfigMap) -> str:
    content = f'include (print $.Template.BasePath "/{_place(found)}") .'
    return f"checksum/{'settings' if found.settings else _folder(found)}: {{{{ {content} | sha256sum }}}}"


def _mounted(file: File) -> set[str]:
    """The config maps that its pods mount."""
    volumes = [volume for key, value in file.values.items() if key.endswith("volumes") for volume in value]
    return {volume["configMap"]["name"] for volume in volumes if "configMap" in volume}


def _place(found: ConfigMap) -> str:
    """Below templates/. What begins with a line is rendered where another template includes it."""
    folder = _folder(found)
    return f"{folder}/{'_' if folder == 'restore' else ''}config-map.yaml"


def _folder(found: ConfigMap) -> str:
    return found.files[0].rpartition("/")[0] if found.files else "app"
