"""Many clips, one dataset: what is asked for, who measures it, what is left behind."""
