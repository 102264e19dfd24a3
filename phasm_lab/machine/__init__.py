"""What a machine is written with: inputs, actions, properties, machine and scenario."""
