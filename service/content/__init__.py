"""Article files become Articles; what is wrong with them becomes Faults. Drafts end here."""
