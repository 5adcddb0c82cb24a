-- Lists of quarantine, newest first: by receipt and not by id alone, as ids of imported entries hold no time.
CREATE INDEX quarantine_newest ON quarantine (org_id, project_id, received_at, id);
