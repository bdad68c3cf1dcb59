using Millrace.Clustering;
using TemporaryDirectory = Millrace.Connectors.TemporaryDirectory;

namespace Millrace.Local;

[TestClass]
public sealed class SiloRecordTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [TestMethod]
    public void A_record_is_read_as_it_was_written()
    {
        using var directory = new TemporaryDirectory();
        var record = new SiloRecord(
            "silo-1", SiloState.Active, 17, ProcessStamp.Current, Start, 2, "1.2.3.4:1@2", "1.2.3.4:3", "1.2.3.4:4");

        record.Write(directory["silos/silo-1.json"]);

        Assert.AreEqual(record, SiloRecord.TryRead(directory["silos/silo-1.json"]));
    }

    [TestMethod]
    public void What_is_no_record_is_none()
    {
        using var directory = new TemporaryDirectory();

        Assert.IsNull(SiloRecord.TryRead(directory["nothing.json"]));
        Assert.IsNull(SiloRecord.TryRead(directory.Write("half.json", "{\"name\": \"silo-1\", \"sta")));
    }

    [TestMethod]
    public void A_process_with_the_same_id_that_started_at_another_time_is_not_the_silo()
    {
        ProcessStamp own = ProcessStamp.Current!;

        Assert.IsTrue(Of(own).IsRunning);
        Assert.IsFalse(Of(own with { Started = own.Started + "0" }).IsRunning);
    }

    private static SiloRecord Of(ProcessStamp process) =>
        new("silo-1", SiloState.Active, process.Pid, process, Start, 2);
}
