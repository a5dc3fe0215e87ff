"""How a model's text is divided into reasoning and answer, in all the forms that models and servers write."""
