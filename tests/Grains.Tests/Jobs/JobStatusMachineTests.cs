namespace Millrace.Jobs;

[TestClass]
public sealed class JobStatusMachineTests
{
    // Every pair that is allowed, one row a status; all others are refused.
    private static readonly Dictionary<JobStatus, JobStatus[]> Allowed = new()
    {
        [JobStatus.Initializing] =
            [JobStatus.Created, JobStatus.Restarting, JobStatus.Failing, JobStatus.Cancelling, JobStatus.Suspended],
        [JobStatus.Created] =
            [JobStatus.Running, JobStatus.Restarting, JobStatus.Failing, JobStatus.Cancelling, JobStatus.Suspended],
        [JobStatus.Running] =
            [JobStatus.Finished, JobStatus.Restarting, JobStatus.Failing, JobStatus.Cancelling, JobStatus.Suspended],
        [JobStatus.Restarting] = [JobStatus.Created, JobStatus.Failing, JobStatus.Cancelling, JobStatus.Suspended],
        [JobStatus.Reconciling] =
            [JobStatus.Running, JobStatus.Restarting, JobStatus.Failing, JobStatus.Cancelling, JobStatus.Suspended],
        [JobStatus.Failing] = [JobStatus.Failed, JobStatus.Cancelling, JobStatus.Suspended],
        [JobStatus.Cancelling] = [JobStatus.Canceled, JobStatus.Suspended],
        [JobStatus.Failed] = [],
        [JobStatus.Canceled] = [],
        [JobStatus.Finished] = [],
        [JobStatus.Suspended] = [],
    };

    [TestMethod]
    public void Each_pair_of_statuses_is_allowed_or_refused_as_the_table_says()
    {
        foreach (JobStatus from in Enum.GetValues<JobStatus>())
        {
            foreach (JobStatus to in Enum.GetValues<JobStatus>())
            {
                Assert.AreEqual(Allowed[from].Contains(to), from.MayBecome(to), $"{from} -> {to}");
            }
        }
    }

    [TestMethod]
    public void A_terminal_status_is_never_left_and_every_other_one_leads_to_one()
    {
        foreach (JobStatus from in Enum.GetValues<JobStatus>())
        {
            bool leaves = Enum.GetValues<JobStatus>().Any(to => from.MayBecome(to));
            Assert.AreEqual(from.IsTerminal() || from == JobStatus.Suspended, !leaves, $"{from}");
        }
    }
}
