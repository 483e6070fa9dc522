// All jobs, newest first.
import { JobList } from "@/components/jobs/job-list";

export const metadata = { title: "Jobs" };

export default function JobsPage() {
  return <JobList />;
}
