"""smm-inbox: one keyboard-driven inbox for everybody who writes to a small business."""

__version__ = "0.1.0"
