class BackupError(Exception):
    """Why a copy was not made or not put back, in words for whoever runs the command."""
