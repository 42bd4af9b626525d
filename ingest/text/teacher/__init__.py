"""The optional teacher: a language model behind an endpoint that settings name. Off by default."""

from ingest.text.teacher.answers import AnswerError
from ingest.text.teacher.client import Client, UnavailableError
from ingest.text.teacher.endpoint import Endpoint
from ingest.text.teacher.extractor import TeacherExtractor, load_teacher
from ingest.text.teacher.labelling import Plan, Prices, Report, label_texts, plan_labels
from ingest.text.teacher.pseudonyms import Pseudonymised, pseudonymise
from ingest.text.teacher.teacher import Teacher

__all__ = [
    "AnswerError",
    "Client",
    "Endpoint",
    "Plan",
    "Prices",
    "Pseudonymised",
    "Report",
    "Teacher",
    "TeacherExtractor",
    "UnavailableError",
    "label_texts",
    "load_teacher",
    "plan_labels",
    "pseudonymise",
]
