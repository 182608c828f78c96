"""What each chapter asks its reader: one prediction and three questions, one file a chapter."""
