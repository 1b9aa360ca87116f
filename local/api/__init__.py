"""The laptop's AWS: requests in, responses out, held against the services' own models. Transports stand in front."""
