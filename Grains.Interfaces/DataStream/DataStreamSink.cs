using Millrace.Graph;

namespace Millrace.DataStream;

/// <summary>The end of a stream.</summary>
public sealed class DataStreamSink<T>
{
    private readonly Transformation<T> _transformation;

    internal DataStreamSink(Transformation<T> transformation) => _transformation = transformation;

    /// <summary>Sets the number of subtasks that write.</summary>
    /// <param name="parallelism">From 1.</param>
    public DataStreamSink<T> SetParallelism(int parallelism)
    {
        _transformation.SetParallelism(parallelism);
        return this;
    }

    /// <summary>Names the sink for plans, logs and errors.</summary>
    public DataStreamSink<T> Name(string name)
    {
        _transformation.SetName(name);
        return this;
    }

    /// <summary>Gives the sink a stable id, unique in the program.</summary>
    public DataStreamSink<T> WithUid(string uid)
    {
        _transformation.SetUid(uid);
        return this;
    }

    /// <summary>Runs the sink in subtasks of its own.</summary>
    public DataStreamSink<T> DisableChaining()
    {
        _transformation.SetChaining(ChainingStrategy.Never);
        return this;
    }

    /// <summary>Puts the sink into a slot sharing group.</summary>
    public DataStreamSink<T> SlotSharingGroup(string group)
    {
        _transformation.SetSlotSharingGroup(group);
        return this;
    }
}
