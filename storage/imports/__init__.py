"""Files that a council brings: read, checked and written all or none (contract, section 4; faults 52 to 56)."""
