"""Where cases live: a store keeps their logs, a session steps one of them."""
