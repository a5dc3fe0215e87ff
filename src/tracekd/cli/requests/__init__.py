"""The arguments and options of every command, each declared once. The fields of `SftRequest` are the options of
`tracekd sft`. Only typer is imported here, so that the help, and errors in options, come quickly.
"""
