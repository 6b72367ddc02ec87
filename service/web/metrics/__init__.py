"""Events of all processes in, the metrics of the service out.

Begin with `counters`, the numbers that the processes share; `exposition` writes them for Prometheus.
"""
