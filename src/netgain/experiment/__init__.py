"""What is asked, declared before anything runs: recipes, studies, demonstrations, and what they are made of."""
