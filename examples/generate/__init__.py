"""How the example data sets are made: geometries, electronic structure, and the files they end in."""
