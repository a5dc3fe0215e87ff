"""What each command can be asked for: its arguments and options, each declared once. The fields of `SftRequest` are the
options of `tracekd sft`. Only typer is imported here, so that the help and wrong options are quick.
"""
