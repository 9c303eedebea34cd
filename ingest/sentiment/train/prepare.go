package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"agora/ingest/sentiment/lexicon"
	"agora/ingest/sentiment/model"
)

// state is what prepare leaves for pack.
type state struct {
	Vocabulary []string
	Common     int
	Linear     []int8
	Scale      float32
	Wide       map[uint64]int8
	Proper     []bool
}

func prepare(o *options) error {
	if err := os.MkdirAll(o.work, 0o755); err != nil {
		return err
	}
	lexicons := lexicon.BuiltIn()
	languages := lexicons.Languages()
	wide, err := wideLists(o, languages)
	if err != nil {
		return err
	}
	all, err := gather(o)
	if err != nil {
		return err
	}
	vocabulary, common, err := vocabularyOf(o, all, lexicons, wide)
	if err != nil {
		return err
	}
	fmt.Printf("%d samples, %d words (%d of the vector list), %d in wide lists, languages %s\n",
		len(all), len(vocabulary), common, len(wide), strings.Join(languages, " "))
	tables := model.NewTables(lexicons, vocabulary, common, wide)
	proper, err := properWords(o, all, vocabulary)
	if err != nil {
		return err
	}
	tables.SetProper(proper)
	readings := model.ReadAll(tables, all)
	linear := model.TrainLinear(all, readings, model.LinearOptions{Epochs: o.epochs, Rate: o.rate, L2: 1e-6, Drop: o.drop, Seed: o.seed})
	show("linear", all, linear.Scores(readings))
	st := state{Vocabulary: vocabulary, Common: common, Wide: wide, Proper: proper}
	st.Linear, st.Scale = linear.Bytes()
	if err := writeJSON(filepath.Join(o.work, "state.json"), st); err != nil {
		return err
	}
	return dump(o, all, readings, linear.Scores(readings), vocabulary, tables)
}

func writeJSON(file string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(file, b, 0o644)
}

// dump writes what the net learns from as plain arrays.
func dump(o *options, all []model.Sample, readings []model.Reading, linear [][3]float32, vocabulary []string, t *model.Tables) error {
	var ids, offsets []int32
	var where, flags []uint8
	var sides []int8
	var feels, dense, weight []float32
	var class, dev []uint8
	var combo []int16
	var set []int32
	sets := map[string]int32{}
	var names []string
	offsets = append(offsets, 0)
	for i := range readings {
		for _, u := range readings[i].Units {
			ids, where, flags = append(ids, u.ID), append(where, u.Place), append(flags, u.Flags)
			sides, feels = append(sides, u.Side), append(feels, u.Feel)
		}
		offsets = append(offsets, int32(len(ids)))
		dense = append(dense, readings[i].Dense...)
		combo = append(combo, int16(readings[i].Combo))
		class, weight = append(class, uint8(all[i].Class)), append(weight, all[i].Weight)
		d := uint8(0)
		if all[i].Dev {
			d = 1
		}
		dev = append(dev, d)
		if _, ok := sets[all[i].Set]; !ok {
			sets[all[i].Set] = int32(len(names))
			names = append(names, all[i].Set)
		}
		set = append(set, sets[all[i].Set])
	}
	sizes := model.Sizes()
	sizes["rows"] = t.Rows()
	for name, v := range map[string]any{
		"ids.i32": ids, "offsets.i32": offsets, "places.u8": where, "flags.u8": flags, "sides.i8": sides, "feels.f32": feels,
		"dense.f32": dense, "weight.f32": weight, "class.u8": class, "dev.u8": dev, "combo.i16": combo, "set.i32": set, "linear.f32": linear,
	} {
		f, err := os.Create(filepath.Join(o.work, name))
		if err != nil {
			return err
		}
		w := bufio.NewWriterSize(f, 1<<20)
		if err := binary.Write(w, binary.LittleEndian, v); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		if err := w.Flush(); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(o.work, "vocabulary.txt"), []byte(strings.Join(vocabulary, "\n")), 0o644); err != nil {
		return err
	}
	if err := writeJSON(filepath.Join(o.work, "sets.json"), names); err != nil {
		return err
	}
	return writeJSON(filepath.Join(o.work, "sizes.json"), sizes)
}
