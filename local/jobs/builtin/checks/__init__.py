"""What QualityCheck and ClarifyCheck steps compute in AWS's monitoring images, emulated on CSV with numpy."""
