"""The app that the engine tests deploy, against real servers."""
