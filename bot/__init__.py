"""ivbot: tells children in care about Independent Visitors, and gets them one."""
