"""The formats of requests and answers, a module each: what comes in becomes rows of raw cells."""
