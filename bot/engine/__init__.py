"""The way of a message: intake, router, turn, forms, delivery, schedule, understanding."""
