"""Replaying logs: does every logged move follow from the facts alone?"""
