using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Millrace.Measuring;
using Millrace.Serialization;

namespace Millrace.Contests;

/// <summary>Batches of records to bytes and back, with the calls that remote exchange uses.</summary>
internal static class SerializerContests
{
    private const int BatchRecords = 256;
    private const int Times = 16_000;
    private const int TimesWithJson = 2_000;
    private const int BlockTimes = 100_000;
    private const int BlockBytes = 64 * 1024;
    private const double WithinThreeTenthsMore = 0.77;
    private const double OfJson = 4.5;

    private static readonly Sale[] Sales = Sale.Many(BatchRecords);
    private static readonly Event[] Events = Event.Many(BatchRecords, BatchRecords);
    private static readonly TypeSerializer<Sale> Serializer = new SerializerSet().Get<Sale>();
    private static readonly TypeSerializer<Event> Blocks = new SerializerSet().Get<Event>();

    public static IEnumerable<Contest> All() =>
    [
        new("serializer-encode", "records", WithinThreeTenthsMore, () => Encode(Times), HandEncode),
        new("serializer-decode", "records", WithinThreeTenthsMore, () => Decode(Times), HandDecode),
        new("serializer-encode-json", "records", OfJson, () => Encode(TimesWithJson), JsonEncode),
        new("serializer-decode-json", "records", OfJson, () => Decode(TimesWithJson), JsonDecode),
        new("serializer-block", "records", null, BlockCopy, MemoryCopy),
    ];

    private static Sample Encode(int times)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        using RecordWriter writer = new(block);
        Sample sample = Sample.Of((double)times * BatchRecords, () =>
        {
            for (int i = 0; i < times; i++)
            {
                writer.Reset();
                Serializer.WriteBatch(writer, Sales);
            }
        });
        var read = new Sale[BatchRecords];
        RecordReader reader = new(writer.WrittenSpan);
        Serializer.ReadBatch(ref reader, read);
        ArrayPool<byte>.Shared.Return(block);
        return Checked(sample, read);
    }

    private static Sample HandEncode()
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        int bytes = 0;
        Sample sample = Sample.Of((double)Times * BatchRecords, () =>
        {
            for (int i = 0; i < Times; i++)
            {
                bytes = SaleCodec.WriteMany(ref block, Sales);
            }
        });
        var read = new Sale[BatchRecords];
        SaleCodec.ReadMany(block.AsSpan(0, bytes), read);
        ArrayPool<byte>.Shared.Return(block);
        return Checked(sample, read);
    }

    private static Sample JsonEncode()
    {
        ArrayBufferWriter<byte> buffer = new(BlockBytes);
        using Utf8JsonWriter writer = new(buffer);
        Sample sample = Sample.Of((double)TimesWithJson * BatchRecords, () =>
        {
            for (int i = 0; i < TimesWithJson; i++)
            {
                buffer.ResetWrittenCount();
                foreach (Sale sale in Sales)
                {
                    writer.Reset();
                    JsonSerializer.Serialize(writer, sale, SaleJson.Default.Sale);
                }
            }
        });
        return Checked(sample, Sales);
    }

    private static Sample Decode(int times)
    {
        using RecordWriter writer = new();
        Serializer.WriteBatch(writer, Sales);
        var read = new Sale[BatchRecords];
        Sample sample = Sample.Of((double)times * BatchRecords, () =>
        {
            for (int i = 0; i < times; i++)
            {
                RecordReader reader = new(writer.WrittenSpan);
                Serializer.ReadBatch(ref reader, read);
            }
        });
        return Checked(sample, read);
    }

    private static Sample HandDecode()
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        int bytes = SaleCodec.WriteMany(ref block, Sales);
        var read = new Sale[BatchRecords];
        Sample sample = Sample.Of((double)Times * BatchRecords, () =>
        {
            for (int i = 0; i < Times; i++)
            {
                SaleCodec.ReadMany(block.AsSpan(0, bytes), read);
            }
        });
        ArrayPool<byte>.Shared.Return(block);
        return Checked(sample, read);
    }

    private static Sample JsonDecode()
    {
        byte[][] texts = [.. Sales.Select(sale => JsonSerializer.SerializeToUtf8Bytes(sale, SaleJson.Default.Sale))];
        var read = new Sale[BatchRecords];
        Sample sample = Sample.Of((double)TimesWithJson * BatchRecords, () =>
        {
            for (int i = 0; i < TimesWithJson; i++)
            {
                for (int j = 0; j < texts.Length; j++)
                {
                    read[j] = JsonSerializer.Deserialize(texts[j], SaleJson.Default.Sale)!;
                }
            }
        });
        return Checked(sample, read);
    }

    private static Sample BlockCopy()
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        using RecordWriter writer = new(block);
        var read = new Event[BatchRecords];
        Sample sample = Sample.Of((double)BlockTimes * BatchRecords, () =>
        {
            for (int i = 0; i < BlockTimes; i++)
            {
                writer.Reset();
                Blocks.WriteBatch(writer, Events);
                RecordReader reader = new(writer.WrittenSpan);
                Blocks.ReadBatch(ref reader, read);
            }
        });
        ArrayPool<byte>.Shared.Return(block);
        return Checked(sample, read);
    }

    private static Sample MemoryCopy()
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        var read = new Event[BatchRecords];
        Sample sample = Sample.Of((double)BlockTimes * BatchRecords, () =>
        {
            for (int i = 0; i < BlockTimes; i++)
            {
                ReadOnlySpan<byte> from = MemoryMarshal.AsBytes(Events.AsSpan());
                from.CopyTo(block);
                block.AsSpan(0, from.Length).CopyTo(MemoryMarshal.AsBytes(read.AsSpan()));
            }
        });
        ArrayPool<byte>.Shared.Return(block);
        return Checked(sample, read);
    }

    private static Sample Checked(Sample sample, Sale[] read) => read.AsSpan().SequenceEqual(Sales)
        ? sample
        : throw new InvalidOperationException("The records do not come back as they were.");

    private static Sample Checked(Sample sample, Event[] read) => read.AsSpan().SequenceEqual(Events)
        ? sample
        : throw new InvalidOperationException("The records do not come back as they were.");
}
