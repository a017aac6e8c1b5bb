"""What a run is, its settings and messages, the worker process that trains, and the client that
starts and follows it.

What a network is lies in `graph`, its text in `codegen`, datasets in `data`, metrics in
`evaluation`.
"""
