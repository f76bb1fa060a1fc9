"""What somebody hostile sends, and what comes of it. One module per kind; the letters and numbers are those of
SECURITY.md. Each test also says what did not change, since a refusal that has written is none.
"""
