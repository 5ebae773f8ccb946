"""Build, query, memory and page load of this project beside what a user would pick instead.

python -m benchmarks run --archive ../shared/gold/retrieval/archive.jsonl.gz --sizes 24000,100000
"""
