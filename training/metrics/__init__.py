"""How well predictions fit a ground truth: average precision, precision and recall, mask overlap."""
