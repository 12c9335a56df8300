{{/*
Names, labels and images that the other templates use.
Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
*/}}

{{/* Labels of every object; expects component and root. */}}
{{- define "reference-search.labels" -}}
{{ include "reference-search.podLabels" . }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service | quote }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | quote }}
{{- end }}

{{/* Labels of every pod: none that changes with the chart's version alone, which would restart everything. */}}
{{- define "reference-search.podLabels" -}}
app.kubernetes.io/name: reference-search
app.kubernetes.io/component: {{ .component }}
{{- with .root.Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The app's image: a digest goes before the tag. */}}
{{- define "reference-search.image" -}}
{{ .Values.image.repository }}
{{- with .Values.image.tag }}:{{ . }}{{ end }}
{{- with .Values.image.digest }}@{{ . }}{{ end }}
{{- end }}

{{/* The Secret with what the app needs. */}}
{{- define "reference-search.secret" -}}
{{ .Values.existingSecret | default "reference-search-secrets" }}
{{- end }}
