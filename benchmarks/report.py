def table(r):
    return str(r)


def write(*a):
    pass
