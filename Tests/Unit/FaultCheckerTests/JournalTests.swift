import FaultJournal
import Testing
