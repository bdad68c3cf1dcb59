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
        silo.Slots);

    public void Starting() => Write();

    public void Active(IServiceProvider services)
    {
        ILocalSiloDetails details = services.GetRequiredService<ILocalSiloDetails>();
        _record = _record with
        {
            State = SiloState.Active,
            Silo = details.SiloAddress.ToParsableString(),
            Gateway = details.GatewayAddress?.Endpoint.ToString(),
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
