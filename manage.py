#!/usr/bin/env python3
"""Django's command line for the newsroom."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    from django.core.management import execute_from_command_line

    from newsroom.env import WrongSetting, explain_and_exit

    try:
        execute_from_command_line(sys.argv)
    except WrongSetting as error:
        explain_and_exit(error)


if __name__ == "__main__":
    main()
