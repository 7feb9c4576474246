"""`listrak-relay`: the command line for those who operate Listrak Relay. The functions know nothing of it."""
