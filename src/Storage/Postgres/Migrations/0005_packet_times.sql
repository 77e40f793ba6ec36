-- The newest packets, the first and the last one, and packets by time are found in this index alone. Times come nearly in order, so that it is written
-- at its end; it takes the place of the one of blocks, which could not say any of that.
CREATE INDEX packets_time ON packets (at);
DROP INDEX packets_at;
