"""The measures of the rules (section 8), pure: light rows in, tables out.

Every share is given with the count that it is a share of; what does not add up is a note beside the table.
"""
