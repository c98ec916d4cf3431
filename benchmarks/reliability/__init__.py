"""What the store of cases withstands: kills, power cuts, bad disks, and many writers at a time."""
