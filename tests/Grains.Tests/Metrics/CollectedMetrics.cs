using System.Diagnostics.Metrics;

namespace Millrace.Metrics;

/// <summary>A silo's meter and a collector of what it shows.</summary>
internal sealed class CollectedMetrics : IMeterFactory
{
    private readonly List<Meter> _meters = [];
    private readonly MeterListener _listener = new();

    public CollectedMetrics(MeteredSilo silo)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, this))
            {
                Instruments.Add(instrument);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        MillraceMeter.Create(this, silo);
        _listener.Start();
    }

    public List<Instrument> Instruments { get; } = [];

    /// <summary>Of the last collection.</summary>
    public List<Seen> Measurements { get; } = [];

    public void Collect()
    {
        Measurements.Clear();
        _listener.RecordObservableInstruments();
    }

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var named = new Dictionary<string, string>();
        foreach ((string name, object? tag) in tags)
        {
            named.Add(name, tag?.ToString() ?? "");
        }

        Measurements.Add(new Seen(instrument.Name, value, named));
    }

    /// <summary>One measurement.</summary>
    internal sealed record Seen(string Name, double Value, Dictionary<string, string> Tags);
}
