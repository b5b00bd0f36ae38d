"""`python -m bot`."""

import gc

if __name__ == "__main__":
    gc.disable()  # imported modules leave no garbage; looking for it is a fifth of the start
    from bot.cli import main

    gc.freeze()
    gc.enable()
    main()
