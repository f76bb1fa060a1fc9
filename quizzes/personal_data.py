"""What this app keeps about a person: exported, merged and erased on request (see `accounts.personal_data`)."""
