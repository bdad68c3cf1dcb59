using Millrace.Clustering;
using Millrace.Local;

namespace Millrace.Processes;

/// <summary>Keeps the record of this process up to date, for whoever started it and for status commands.</summary>
/// <param name="path">The file, or null for none.</param>
/// <param name="silo">The silo it is about.</param>
internal sealed class SiloRecordFile(string? path, SiloOptions silo)
{
    private SiloRecord _record = new(
        silo.Name,
        SiloState.Starting,
        Environment.ProcessId,
        ProcessStamp.Current,
        TimeProvider.System.GetUtcNow(),
        Slots: null);

    public void Starting() => Write();

    public void Active(IServiceProvider services)
    {
        var description = SiloDescription.Of(services);
        _record = _record with
        {
            State = SiloState.Active,
            Silo = description.Address,
            Gateway = description.Gateway,
            Exchange = description.Exchange,
            Slots = description.Slots,
        };
        Write();
    }

    public void Stopping()
    {
        _record = _record with { State = SiloState.Stopping };
        Write();
    }

    public void Gone()
    {
        if (path is not null)
        {
            File.Delete(path);
        }
    }

    private void Write()
    {
        if (path is not null)
        {
            _record.Write(path);
        }
    }
}
