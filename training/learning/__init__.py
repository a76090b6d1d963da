"""How networks learn: what is assigned to what, the losses, the schedule, the average and the checkpoints."""
