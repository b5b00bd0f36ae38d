"""What a database raises when it is away or will not have a change."""

from sqlalchemy.exc import SQLAlchemyError as DatabaseFailure

__all__ = ["DatabaseFailure"]
