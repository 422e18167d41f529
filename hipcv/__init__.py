"""hipcv: internal and external rotation of each hip, from a phone video of the seated test."""
