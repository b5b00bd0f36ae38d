"""An issue in every format that readers use, each set from the same view and checked before it is shown."""
