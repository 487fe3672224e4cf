"""How a test and its items behaved: classical statistics, decisions at the cut, standard setting, and what to do."""
