namespace Millrace.EventTime;

/// <summary>Says how far event time has come, from the records seen or from the clock.</summary>
/// <remarks>
/// One for each subtask, or for each split where the source's reader tells splits apart. Every call comes on the
/// subtask's loop and may not block. Punctuated generators emit in <see cref="OnEvent"/>, periodic ones in
/// <see cref="OnPeriodicEmit"/>. In <see cref="Graph.RuntimeMode.Batch"/> none is created: time is at its end when the
/// input is.
/// </remarks>
/// <typeparam name="T">Type of the records.</typeparam>
public interface IWatermarkGenerator<T>
{
    /// <summary>Sees a record, before it goes on.</summary>
    /// <param name="record">The record.</param>
    /// <param name="timestamp">Its timestamp, milliseconds since 1970-01-01 UTC.</param>
    /// <param name="output">Takes watermarks; they hold behind the batch the record is in.</param>
    void OnEvent(in T record, long timestamp, IWatermarkOutput output);

    /// <summary>Comes about once in the interval set with
    /// <see cref="DataStream.StreamExecutionEnvironment.SetAutoWatermarkInterval"/>, also while no records come; not
    /// while the outputs are full.</summary>
    /// <param name="output">Takes watermarks.</param>
    void OnPeriodicEmit(IWatermarkOutput output);
}
