using Millrace.Connectors.Collect;
using Millrace.Jobs;
using Millrace.Serialization;

namespace Millrace.Programs;

/// <summary>What a program reads from the result of its job.</summary>
public static class JobResults
{
    /// <summary>The records that a <see cref="CollectSink{T}"/> of the job collected.</summary>
    /// <typeparam name="T">Type of the records.</typeparam>
    /// <param name="result">The job's result.</param>
    /// <param name="name">The sink's name.</param>
    /// <param name="serializers">What the job registered for types of its own choice.</param>
    /// <returns>In the order in which they were written; empty when the job has no such sink, or did not
    /// finish.</returns>
    public static IReadOnlyList<T> Collected<T>(
        this JobResult result, string name, SerializerRegistrations? serializers = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        return CollectedRecords.Read<T>(
            from returned in result.Returned
            where returned.Name == name
            orderby returned.Subtask
            select returned.Bytes,
            serializers);
    }
}
