using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Savepoints;
using Millrace.Checkpointing.Storage;
using Millrace.Jobs;
using Millrace.Jobs.Storage;
using Millrace.Programs;
using Millrace.Serialization;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Restored;
using Millrace.State.Snapshots.Subtasks;
using Millrace.Tasks.Checkpointing;

namespace Millrace.Savepoints;

/// <summary>Reads a savepoint, or a checkpoint that was kept, without a cluster and without the program that wrote
/// it. Thread-safe.</summary>
/// <remarks>
/// <para>Wherever silos can keep it. Azure Blob Storage is reached as the section <c>Millrace:AzureStorage</c> says;
/// without a configuration, as the environment says (<c>Millrace__AzureStorage__ConnectionString</c>).</para>
/// <para>Records that the cut of a checkpoint has overtaken are no state: they are counted, and not read.</para>
/// </remarks>
public sealed class SavepointReader
{
    private readonly SavepointMetadata _metadata;
    private readonly ICheckpointStorage _files;

    private SavepointReader(string path, SavepointMetadata metadata, ICheckpointStorage files)
    {
        Path = path;
        _metadata = metadata;
        _files = files;
    }

    /// <summary>Its folder.</summary>
    public string Path { get; }

    /// <summary>Whose it is.</summary>
    public JobId Job => _metadata.Snapshot.Job;

    /// <summary>Name of that job.</summary>
    public string JobName => _metadata.Snapshot.JobName;

    /// <summary>What became of the job with it.</summary>
    public SavepointKind Kind => _metadata.Kind;

    /// <summary>When its last part came.</summary>
    public DateTimeOffset CompletedAt => _metadata.Snapshot.CompletedAt;

    /// <summary>Records that were in flight, of a checkpoint: how many to which operator, for people.</summary>
    public IReadOnlyList<string> InFlight => new InFlightAssignment(_metadata).All;

    internal SavepointMetadata Metadata => _metadata;

    /// <summary>Opens it.</summary>
    /// <param name="path">Its folder: a URI, or a path; a relative one counts from the process's own directory.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CheckpointCorruptedException">It is not there, or is not what was written.</exception>
    /// <exception cref="IOException">It cannot be read; trying again may help.</exception>
    public static Task<SavepointReader> OpenAsync(string path, CancellationToken cancellationToken = default) =>
        OpenAsync(path, new ConfigurationBuilder().AddEnvironmentVariables().Build(), cancellationToken);

    /// <summary>Opens it.</summary>
    /// <param name="path">Its folder: a URI, or a path; a relative one counts from the process's own directory.</param>
    /// <param name="configuration">How stores are reached.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CheckpointCorruptedException">It is not there, or is not what was written.</exception>
    /// <exception cref="IOException">It cannot be read; trying again may help.</exception>
    public static async Task<SavepointReader> OpenAsync(
        string path, IConfiguration configuration, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(configuration);
        ICheckpointStorage files = SavepointPlaces.From(configuration);
        string full = JobSubmitter.FullPath(path);
        SavepointMetadata metadata = await SavepointFolder.ReadAsync(
            full, file => files.TryReadAsync(default, file, cancellationToken));
        return new SavepointReader(full, metadata, files);
    }

    /// <summary>The operators of the program that wrote it, with what they keep. Reads all files.</summary>
    /// <exception cref="CheckpointCorruptedException">A file is missing, or is not what was written.</exception>
    public async Task<IReadOnlyList<SavepointOperator>> ReadOperatorsAsync(
        CancellationToken cancellationToken = default)
    {
        var states = new Dictionary<string, SavepointStates>();
        foreach (RestoredVertex vertex in _metadata.Snapshot.Vertices)
        {
            foreach (SubtaskState subtask in vertex.Subtasks)
            {
                foreach ((string id, OperatorSnapshot snapshot) in await ReadAsync(subtask, cancellationToken))
                {
                    if (!states.TryGetValue(id, out SavepointStates? known))
                    {
                        states.Add(id, known = new SavepointStates());
                    }

                    known.Add(snapshot);
                }
            }
        }

        return
        [
            .. (_metadata.Snapshot.Operators ?? []).Select(one => new SavepointOperator(
                one.Id.ToString(),
                one.Uid,
                one.Name,
                one.Kind,
                one.Parallelism,
                one.MaxParallelism,
                one.KeyedBytes + one.OtherBytes,
                states.GetValueOrDefault(one.Id.ToString())?.All ?? [])),
        ];
    }

    /// <summary>The values of a state by key, in no particular order. Types may have changed since, as far as a job may
    /// go on with them.</summary>
    /// <typeparam name="TKey">Type of the operator's keys.</typeparam>
    /// <typeparam name="TValue">Type of the state's values.</typeparam>
    /// <param name="uid">Uid of the operator, or its id.</param>
    /// <param name="state">Name of the state; it belongs to a key alone, and no window.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">There is no such operator or no such state.</exception>
    /// <exception cref="IncompatibleShapeException">The types cannot take over what was written.</exception>
    /// <exception cref="CheckpointCorruptedException">A file is missing, or is not what was written.</exception>
    public async IAsyncEnumerable<KeyValuePair<TKey, TValue>> ReadValuesAsync<TKey, TValue>(
        string uid, string state, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where TKey : notnull
    {
        SnapshotOperator found = _metadata.Snapshot.Operators?.FirstOrDefault(
            one => one.Uid == uid || one.Id.ToString() == uid)
            ?? throw new ArgumentException($"There is no operator '{uid}' in '{Path}'.", nameof(uid));
        var serializers = new SerializerSet();
        bool isThere = false;
        foreach (SubtaskState subtask in _metadata.Snapshot.Vertices
            .Where(vertex => vertex.Vertex == found.Vertex).SelectMany(static vertex => vertex.Subtasks))
        {
            IReadOnlyDictionary<string, OperatorSnapshot> operators = await ReadAsync(subtask, cancellationToken);
            if (!operators.TryGetValue(found.Id.ToString(), out OperatorSnapshot? snapshot) || snapshot.Keyed.IsEmpty)
            {
                continue;
            }

            StoredSection[] sections =
            [
                .. snapshot.Keyed.Read().Sections.Where(section =>
                    section.Header is { Kind: SectionKind.Value, Namespace: null } header && header.Name == state),
            ];
            isThere |= sections.Length > 0;
            foreach (KeyValuePair<TKey, TValue> value in ValuesOf<TKey, TValue>(sections, serializers))
            {
                yield return value;
            }
        }

        if (!isThere)
        {
            throw new ArgumentException(
                $"Operator '{uid}' has no value '{state}' by key in '{Path}'.", nameof(state));
        }
    }

    // Sections of one state build on each other: the later ones say what has changed.
    private static Dictionary<TKey, TValue> ValuesOf<TKey, TValue>(
        StoredSection[] sections, SerializerSet serializers)
        where TKey : notnull
    {
        Dictionary<TKey, TValue> all = [];
        foreach (StoredSection section in sections)
        {
            TypeSerializer<TKey> keys = serializers.CreateReader<TKey>(section.Header.Key);
            TypeSerializer<TValue> values = serializers.CreateReader<TValue>(section.Header.Value!);
            ForEachEntry(section.Removed, (ref RecordReader reader) => all.Remove(keys.Read(ref reader)));
            ForEachEntry(section.Groups, (ref RecordReader reader) =>
            {
                TKey key = keys.Read(ref reader);
                all[key] = values.Read(ref reader);
            });
        }

        return all;
    }

    private static void ForEachEntry(IReadOnlyList<StoredGroup> groups, EntryAction read)
    {
        using GroupFeed feed = new(groups);
        foreach (StoredGroup group in groups)
        {
            var reader = new RecordReader(feed.Next());
            for (int i = 0; i < group.Entries; i++)
            {
                read(ref reader);
            }

            reader.ExpectEnd();
        }
    }

    /// <summary>What the former subtasks of each operator have left, without entries by key: what is asked for by types
    /// and names.</summary>
    internal async Task<IReadOnlyDictionary<OperatorId, IReadOnlyList<OperatorSnapshot>>> ReadShapesAsync(
        CancellationToken cancellationToken)
    {
        Dictionary<OperatorId, IReadOnlyList<OperatorSnapshot>> all = [];
        foreach (RestoredVertex vertex in _metadata.Snapshot.Vertices)
        {
            Dictionary<string, List<OperatorSnapshot>> operators = [];
            int finished = 0;
            foreach (SubtaskState subtask in vertex.Subtasks)
            {
                finished += subtask.State is null ? 1 : 0;
                foreach ((string id, OperatorSnapshot snapshot) in
                    await ReadAsync(subtask, cancellationToken, static (_, _) => false))
                {
                    if (!operators.TryGetValue(id, out List<OperatorSnapshot>? own))
                    {
                        operators.Add(id, own = []);
                    }

                    own.Add(snapshot);
                }
            }

            foreach ((string id, List<OperatorSnapshot> own) in operators)
            {
                own.AddRange(Enumerable.Repeat(OperatorSnapshot.Ended, finished));
                all[OperatorId.Parse(id)] = own;
            }
        }

        // Splits that no reader had got are the job's; a reader of the new program gets them.
        foreach (SourceState source in _metadata.Snapshot.Sources)
        {
            if (source.Shape is { } shape && !source.Returned.IsEmpty)
            {
                OperatorSnapshot returned = OperatorSnapshot.Empty with
                {
                    Items = new OperatorItems(shape, source.Returned),
                };
                all[source.Source] = [.. all.GetValueOrDefault(source.Source, []), returned];
            }
        }

        return all;
    }

    private async Task<IReadOnlyDictionary<string, OperatorSnapshot>> ReadAsync(
        SubtaskState subtask, CancellationToken cancellationToken, Func<int, int, bool>? isWanted = null)
    {
        if (subtask.State is not { } handle)
        {
            return new Dictionary<string, OperatorSnapshot>();
        }

        (SubtaskSnapshot snapshot, _) = await StoredSubtask.ReadAsync(
            handle,
            Job,
            _files,
            isWanted ?? (static (_, _) => true),
            later: null,
            cancellationToken);
        return snapshot.Operators;
    }

    private delegate void EntryAction(ref RecordReader reader);
}
