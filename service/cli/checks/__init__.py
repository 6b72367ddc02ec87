"""The parts of `broadsheet check`: what each looks at, and what it reports.

In: settings, a new index of the folder or the responses of a service. Out: faults and notes, as lines.
"""
